package io.refinery.testkit;

import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeClassTemplateInvocationCallback;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Runs a test class once for each chosen kind of stack. */
final class StackProvider implements ClassTemplateInvocationContextProvider {

  private static final ExtensionContext.Namespace STACKS =
      ExtensionContext.Namespace.create(StackProvider.class);

  private static final int MAX_CLASS_NAME = 40;

  @Override
  public boolean supportsClassTemplate(ExtensionContext context) {
    return true;
  }

  @Override
  public Stream<ClassTemplateInvocationContext> provideClassTemplateInvocationContexts(
      ExtensionContext context) {
    String prefix = prefix(context.getRequiredTestClass());
    return StackKind.parse(System.getProperty("stack", "embedded")).stream()
        .map(kind -> new OnKind(kind, prefix));
  }

  private static String prefix(Class<?> testClass) {
    String name = testClass.getSimpleName().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    return name.substring(0, Math.min(name.length(), MAX_CLASS_NAME))
        + "-"
        + UUID.randomUUID().toString().substring(0, 8);
  }

  private record OnKind(StackKind kind, String prefix)
      implements ClassTemplateInvocationContext,
          BeforeClassTemplateInvocationCallback,
          ParameterResolver {

    @Override
    public String getDisplayName(int invocationIndex) {
      return "on " + kind;
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(this);
    }

    /**
     * Not a condition, which would be evaluated only after the test's constructor has asked for a
     * stack.
     */
    @Override
    public void beforeClassTemplateInvocation(ExtensionContext context) {
      kind.missing().ifPresent(reason -> Assumptions.abort("Not run on " + kind + ": " + reason));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Stack.class;
    }

    @Override
    public Stack resolveParameter(ParameterContext parameter, ExtensionContext context) {
      Servers servers =
          context.getRoot().getStore(STACKS).computeIfAbsent(kind, StackKind::start, Servers.class);
      return new Stack(
          servers.bootstrapServers(),
          servers.s3Endpoint(),
          servers.accessKey(),
          servers.secretKey(),
          prefix);
    }
  }
}
