package io.dogsled.testing;

import java.lang.reflect.Method;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGenerator;

/** Puts the id of a {@link ContractCase} in front of the display name; all other names stay as JUnit makes them. */
public final class CaseNames extends DisplayNameGenerator.Standard {
    @Override
    public String generateDisplayNameForMethod(
            List<Class<?>> enclosingInstanceTypes, Class<?> testClass, Method testMethod) {
        String name = super.generateDisplayNameForMethod(enclosingInstanceTypes, testClass, testMethod);
        ContractCase shown = testMethod.getAnnotation(ContractCase.class);
        return shown == null ? name : shown.value() + " " + name;
    }
}
