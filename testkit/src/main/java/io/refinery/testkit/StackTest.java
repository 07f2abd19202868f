package io.refinery.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs a test class on a real broker and a real object store, given as a {@link Stack} to its
 * constructor or methods. Which ones, the system property {@code stack} says:
 *
 * <ul>
 *   <li>{@code embedded} (as it comes): in a child JVM; nothing but the build is needed.
 *   <li>{@code containers}: Kafka and MinIO by Testcontainers; skipped with the reason where there
 *       is no Docker. {@code stack.kafka.image} and {@code stack.minio.image} name other images.
 *   <li>{@code external}: servers that run already, by {@code stack.bootstrap.servers}, {@code
 *       stack.s3.endpoint}, {@code stack.s3.access.key} and {@code stack.s3.secret.key}, or the
 *       environment variables of the same names (STACK_BOOTSTRAP_SERVERS, ...).
 *   <li>{@code all}: the class once on each of them.
 * </ul>
 *
 * <p>Each kind is started once in a JVM, at its first use, and ends with the last test.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ClassTemplate
@ExtendWith(StackProvider.class)
public @interface StackTest {}
