package io.dogsled.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The case of {@code extension.json} that a test shows: prose, so the test says in Java what given, when and then are. The id
 * leads the test's display name. {@code CasesCoverageTest} holds that every case has exactly one such test or stands in
 * {@code pending.json}.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface ContractCase {
    /** The id. */
    String value();
}
