package io.refinery.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs a test class on a real broker and a real object store, passed to its constructor or methods
 * as a {@link Stack}. The system property {@code stack} selects them:
 *
 * <ul>
 *   <li>{@code embedded} (default): in a child JVM; needs nothing but the build.
 *   <li>{@code minio}: the embedded broker and MinIO's own server, whose program {@code -Dminio}
 *       names; skipped with a reason without it.
 *   <li>{@code containers}: Kafka and MinIO in containers; skipped with a reason if there is no
 *       Docker. {@code stack.kafka.image} and {@code stack.minio.image} select other images.
 *   <li>{@code external}: running servers, given by {@code stack.bootstrap.servers}, {@code
 *       stack.s3.endpoint}, {@code stack.s3.access.key} and {@code stack.s3.secret.key}, or the
 *       environment variables of the same names (STACK_BOOTSTRAP_SERVERS, ...).
 *   <li>{@code all}: runs the class once on each of them.
 * </ul>
 *
 * <p>Each kind is started once per JVM, on first use, and stopped after the last test.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ClassTemplate
@ExtendWith(StackProvider.class)
public @interface StackTest {}
