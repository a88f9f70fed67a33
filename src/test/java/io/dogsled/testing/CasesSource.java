package io.dogsled.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.provider.ArgumentsSource;

/**
 * Feeds a parameterized test with conformance cases: {@code @ParameterizedTest(name = "{0}") @CasesSource("sampler")
 * void sampler(Case c)}. {@code CasesCoverageTest} reads it too: a case that no test names must be in
 * {@code pending.json}, and one that a test names must not.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ArgumentsSource(CasesProvider.class)
public @interface CasesSource {
    /** Areas or ids. */
    String[] value();

    /** Areas or ids that are left to another test. */
    String[] except() default {};
}
