package io.refinery.delivery;

import io.refinery.storage.ObjectContent;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageException;
import io.refinery.storage.StoredObject;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A store of small objects that can only be put and read. */
final class MemoryObjects {

  private final Map<ObjectRef, byte[]> objects = new ConcurrentHashMap<>();

  ObjectStorage storage() {
    return (ObjectStorage)
        Proxy.newProxyInstance(
            MemoryObjects.class.getClassLoader(),
            new Class<?>[] {ObjectStorage.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "put" -> put((ObjectRef) arguments[0], (byte[]) arguments[1]);
                  case "read" -> read((ObjectRef) arguments[0]);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private StoredObject put(ObjectRef ref, byte[] bytes) {
    objects.put(ref, bytes);
    return new StoredObject(ref, bytes.length, "tag");
  }

  private ObjectContent read(ObjectRef ref) {
    byte[] bytes = objects.get(ref);
    if (bytes == null) {
      throw new StorageException(StorageException.Kind.NOT_FOUND, "There is no " + ref);
    }
    return new ObjectContent(bytes, "tag");
  }
}
