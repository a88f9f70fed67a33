package io.dogsled.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every case is run by a test or is in {@code pending.json}, and nothing is in both: the one place to see what is open. */
class CasesCoverageTest {
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
        for (JavaClass type : new ClassFileImporter().importPath("target/test-classes")) {
            for (JavaMethod method : type.getMethods()) {
                if (method.isAnnotatedWith(CasesSource.class)) {
                    CasesSource source = method.getAnnotationOfType(CasesSource.class);
                    ids.addAll(idsOf(
                            new TreeSet<>(Arrays.asList(source.value())),
                            new TreeSet<>(Arrays.asList(source.except()))));
                }
            }
        }
        return ids;
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
