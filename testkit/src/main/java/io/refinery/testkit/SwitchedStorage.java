package io.refinery.testkit;

import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageException;
import io.refinery.storage.StorageException.Kind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;

/** A store that a test switches off and on. While it is off, every operation fails. */
public final class SwitchedStorage {

  private final ObjectStorage storage;
  private volatile Optional<Kind> off = Optional.empty();

  public SwitchedStorage(ObjectStorage storage) {
    this.storage = storage;
  }

  /** Makes every operation fail in this way from now on. */
  public void off(Kind kind) {
    off = Optional.of(kind);
  }

  public void on() {
    off = Optional.empty();
  }

  /** Returns the store that is switched. */
  public ObjectStorage storage() {
    return (ObjectStorage)
        Proxy.newProxyInstance(
            SwitchedStorage.class.getClassLoader(),
            new Class<?>[] {ObjectStorage.class},
            (proxy, method, arguments) -> call(method, arguments));
  }

  private Object call(Method method, Object[] arguments) throws Throwable {
    if (off.isPresent()) {
      throw new StorageException(off.get(), "The store is switched off");
    }
    try {
      return method.invoke(storage, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
