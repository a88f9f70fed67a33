package io.dogsled.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** Every case is run by a test or is in {@code pending.json}, and nothing is in both: the one place to see what is open. */
class CasesCoverageTest {
    private static final JavaClasses TESTS = new ClassFileImporter().importPath("target/test-classes");
    private static final Set<String> RUN = runCases();
    private static final Set<String> PENDING = pendingCases();

    @Test
    void everyCaseIsRunOrPending() {
        Set<String> forgotten = new TreeSet<>();
        for (Case candidate : Cases.all()) {
            if (!RUN.contains(candidate.id()) && !PENDING.contains(candidate.id())) {
                forgotten.add(candidate.area() + " " + candidate.id());
            }
        }
        assertThat(forgotten)
                .as("cases that no test runs and pending.json does not name")
                .isEmpty();
    }

    @Test
    void everyContractCaseIsRunByOneTestThatCanRun() {
        Set<String> seen = new TreeSet<>();
        Set<String> wrong = new TreeSet<>();
        for (JavaMethod method : contractTests()) {
            String id = method.getAnnotationOfType(ContractCase.class).value();
            boolean runs = method.isAnnotatedWith(Test.class) || method.isAnnotatedWith(ParameterizedTest.class);
            boolean found = method.getOwner().getSimpleName().matches(".*(Test|IT)");
            boolean off =
                    method.isAnnotatedWith(Disabled.class) || method.getOwner().isAnnotatedWith(Disabled.class);
            if (!runs || !found || off || !isContractCase(id) || !seen.add(id)) {
                wrong.add(id + " " + method.getFullName());
            }
        }
        assertThat(wrong)
                .as("cases with a second test, unknown ones, and tests that are not run")
                .isEmpty();
    }

    @Test
    void nothingThatRunsIsStillPending() {
        Set<String> both = new TreeSet<>(RUN);
        both.retainAll(PENDING);
        assertThat(both)
                .as("cases that a test runs: take them out of pending.json")
                .isEmpty();
    }

    @Test
    void pendingAndDeviationsNameCasesThatExist() {
        Set<String> known = new TreeSet<>();
        for (Case candidate : Cases.all()) {
            known.add(candidate.id());
            known.add(candidate.area());
        }
        Set<String> unknown = new TreeSet<>();
        for (String file : new String[] {"pending.json", "deviations.json"}) {
            for (JsonNode entry : Cases.read(file)) {
                String name = entry.path("id").asText(entry.path("area").asText());
                if (!known.contains(name)) {
                    unknown.add(file + ": " + name);
                }
            }
        }
        assertThat(unknown).isEmpty();
    }

    @Test
    void everyDeviationNamesItsDecision() {
        for (JsonNode entry : Cases.read("deviations.json")) {
            assertThat(entry.path("decision").asText())
                    .as(entry.get("id").asText())
                    .isNotBlank();
            assertThat(entry.has("ours")).as(entry.get("id").asText()).isTrue();
        }
    }

    private static Set<String> pendingCases() {
        Set<String> named = new TreeSet<>();
        for (JsonNode entry : Cases.read("pending.json")) {
            assertThat(entry.path("reason").asText()).isNotBlank();
            named.add(entry.path("id").asText(entry.path("area").asText()));
        }
        return idsOf(named, Set.of());
    }

    private static Set<String> runCases() {
        Set<String> ids = new TreeSet<>();
        for (JavaMethod method : annotatedWith(CasesSource.class)) {
            CasesSource source = method.getAnnotationOfType(CasesSource.class);
            ids.addAll(
                    idsOf(new TreeSet<>(Arrays.asList(source.value())), new TreeSet<>(Arrays.asList(source.except()))));
        }
        for (JavaMethod method : contractTests()) {
            ids.add(method.getAnnotationOfType(ContractCase.class).value());
        }
        return ids;
    }

    private static List<JavaMethod> contractTests() {
        return annotatedWith(ContractCase.class);
    }

    private static List<JavaMethod> annotatedWith(Class<? extends Annotation> annotation) {
        List<JavaMethod> methods = new ArrayList<>();
        for (JavaClass type : TESTS) {
            for (JavaMethod method : type.getMethods()) {
                if (method.isAnnotatedWith(annotation)) {
                    methods.add(method);
                }
            }
        }
        return methods;
    }

    private static boolean isContractCase(String id) {
        return Cases.byId(id).area().startsWith(Cases.EXTENSION);
    }

    private static Set<String> idsOf(Set<String> named, Set<String> except) {
        Set<String> ids = new TreeSet<>();
        for (Case candidate : Cases.all()) {
            if (Cases.names(named, candidate) && !Cases.names(except, candidate)) {
                ids.add(candidate.id());
            }
        }
        return ids;
    }
}
