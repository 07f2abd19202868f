package io.refinery.testkit;

import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A store in which one operation fails a given number of times, for some objects. */
public final class FailingStorage {

  public static final String TROUBLE = "The store cannot be reached";

  private final ObjectStorage storage;
  private final String operation;
  private final Predicate<ObjectRef> objects;
  private final AtomicInteger left;
  private final Supplier<RuntimeException> trouble;

  /**
   * Makes an operation fail.
   *
   * @param operation name of a method whose first parameter is an object's address
   * @param objects the objects for which it fails
   */
  public FailingStorage(
      ObjectStorage storage, String operation, Predicate<ObjectRef> objects, int times) {
    this(
        storage,
        operation,
        objects,
        times,
        () -> new StorageException(StorageException.Kind.UNAVAILABLE, TROUBLE));
  }

  /** Like the other constructor, but throws what {@code trouble} supplies. */
  public FailingStorage(
      ObjectStorage storage,
      String operation,
      Predicate<ObjectRef> objects,
      int times,
      Supplier<RuntimeException> trouble) {
    this.storage = storage;
    this.operation = operation;
    this.objects = objects;
    this.left = new AtomicInteger(times);
    this.trouble = trouble;
  }

  /** Returns the store that fails as configured. */
  public ObjectStorage storage() {
    return (ObjectStorage)
        Proxy.newProxyInstance(
            FailingStorage.class.getClassLoader(),
            new Class<?>[] {ObjectStorage.class},
            (proxy, method, arguments) -> call(method, arguments));
  }

  private Object call(Method method, Object[] arguments) throws Throwable {
    if (method.getName().equals(operation)
        && arguments[0] instanceof ObjectRef ref
        && objects.test(ref)
        && left.getAndDecrement() > 0) {
      throw trouble.get();
    }
    try {
      return method.invoke(storage, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
