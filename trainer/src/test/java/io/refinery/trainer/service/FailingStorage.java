package io.refinery.trainer.service;

import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/** A store that cannot be written to, for certain objects and a number of times. */
final class FailingStorage {

  private final ObjectStorage storage;
  private final String failing;
  private final AtomicInteger left;

  /**
   * @param failing what is in the keys of the objects
   */
  FailingStorage(ObjectStorage storage, String failing, int times) {
    this.storage = storage;
    this.failing = failing;
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
    if (method.getName().equals("upload")
        && arguments[0] instanceof ObjectRef ref
        && ref.key().contains(failing)
        && left.getAndDecrement() > 0) {
      throw new StorageException(
          StorageException.Kind.UNAVAILABLE, "The store is not reached for " + ref);
    }
    try {
      return method.invoke(storage, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
