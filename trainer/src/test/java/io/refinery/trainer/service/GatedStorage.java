package io.refinery.trainer.service;

import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.Semaphore;

/** A store that writes certain objects only when allowed. */
final class GatedStorage {

  private final ObjectStorage storage;
  private final String gated;
  private final Semaphore permits;

  /**
   * @param gated a part of the keys of these objects
   * @param permits how many are written before the first has to wait
   */
  GatedStorage(ObjectStorage storage, String gated, int permits) {
    this.storage = storage;
    this.gated = gated;
    this.permits = new Semaphore(permits);
  }

  /** Allows this many more objects to be written. */
  void let(int count) {
    permits.release(count);
  }

  /** Returns whether a write is waiting. */
  boolean isReached() {
    return permits.hasQueuedThreads();
  }

  ObjectStorage storage() {
    return (ObjectStorage)
        Proxy.newProxyInstance(
            GatedStorage.class.getClassLoader(),
            new Class<?>[] {ObjectStorage.class},
            (proxy, method, arguments) -> call(method, arguments));
  }

  private Object call(Method method, Object[] arguments) throws Throwable {
    boolean writes = method.getName().equals("upload") || method.getName().equals("putIfAbsent");
    if (writes && arguments[0] instanceof ObjectRef ref && ref.key().contains(gated)) {
      permits.acquire();
    }
    try {
      return method.invoke(storage, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
