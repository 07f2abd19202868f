package io.refinery.registry;

import io.refinery.storage.ObjectStorage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/** A store that simulates a kill of its user after a given number of calls. */
final class DyingStorage {

  /** Simulates being killed. */
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final ObjectStorage storage;
  private final AtomicInteger left;

  /**
   * Starts counting.
   *
   * @param calls number of calls that succeed; the next one does not
   */
  DyingStorage(ObjectStorage storage, int calls) {
    this.storage = storage;
    this.left = new AtomicInteger(calls);
  }

  ObjectStorage storage() {
    return (ObjectStorage)
        Proxy.newProxyInstance(
            DyingStorage.class.getClassLoader(),
            new Class<?>[] {ObjectStorage.class},
            (proxy, method, arguments) -> call(method, arguments));
  }

  private Object call(Method method, Object[] arguments) throws Throwable {
    if (left.getAndDecrement() <= 0) {
      throw new Killed();
    }
    try {
      return method.invoke(storage, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
