package io.refinery.worker;

import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/** A store that cannot be reached, for one object and for a number of times. */
final class FailingStorage {

  static final String TROUBLE = "The store is not reached";

  private final ObjectStorage storage;
  private final ObjectRef ref;
  private final AtomicInteger left;

  FailingStorage(ObjectStorage storage, ObjectRef ref, int times) {
    this.storage = storage;
    this.ref = ref;
    this.left = new AtomicInteger(times);
  }

  ObjectStorage storage() {
    return (ObjectStorage)
        Proxy.newProxyInstance(
            FailingStorage.class.getClassLoader(),
            new Class<?>[] {ObjectStorage.class},
            (proxy, method, arguments) -> call(method, arguments));
  }

  private Object call(Method method, Object[] arguments) throws Throwable {
    if (method.getName().equals("download")
        && arguments[0].equals(ref)
        && left.getAndDecrement() > 0) {
      throw new StorageException(StorageException.Kind.UNAVAILABLE, TROUBLE);
    }
    try {
      return method.invoke(storage, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
