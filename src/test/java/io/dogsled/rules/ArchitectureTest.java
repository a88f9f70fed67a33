package io.dogsled.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The arrows of the tree (style.md §1), one row a room, and the calls that belong to one room alone. */
class ArchitectureTest {
    private static final String ROOT = "io.dogsled";

    /** What a room may use beside {@code base}; an extension room may also use {@code config}. */
    private static final Map<String, Set<String>> EDGES = Map.ofEntries(
            Map.entry("base", Set.of()),
            Map.entry("config", Set.of()),
            Map.entry("metrics", Set.of()),
            Map.entry("dogstatsd", Set.of("metrics", "dogstatsd.listeners", "dogstatsd.mapper")),
            Map.entry("dogstatsd.listeners", Set.of()),
            Map.entry("dogstatsd.mapper", Set.of()),
            Map.entry("sketch", Set.of()),
            Map.entry("aggregator", Set.of("metrics", "sketch")),
            Map.entry("serializer", Set.of("metrics")),
            Map.entry("http", Set.of()),
            Map.entry("forwarder", Set.of("serializer", "http", "metrics")),
            Map.entry("flush", Set.of("dogstatsd", "aggregator", "serializer", "forwarder", "metrics")),
            Map.entry("lambda", Set.of()),
            Map.entry("telemetry", Set.of("metrics")),
            Map.entry("control", Set.of()),
            Map.entry("testserver", Set.of("testserver.wire")),
            Map.entry("testserver.wire", Set.of()),
            Map.entry("emulator", Set.of()),
            Map.entry("sample", Set.of()));

    private static final Set<String> EXTENSION = Set.of(
            "config",
            "dogstatsd",
            "dogstatsd.listeners",
            "dogstatsd.mapper",
            "aggregator",
            "serializer",
            "http",
            "forwarder",
            "flush",
            "lambda",
            "telemetry",
            "control");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void arrowsPointTheWayTheTreeSays() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass from : CLASSES) {
            String room = room(from.getPackageName());
            for (var dependency : from.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (target.getPackageName().startsWith(ROOT) && !mayUse(room, room(target.getPackageName()))) {
                    wrong.add(from.getName() + " → " + target.getName());
                }
            }
        }
        assertThat(wrong).as("uses that the table of rooms does not allow").isEmpty();
    }

    @Test
    void everyRoomIsInTheTable() {
        Set<String> unknown = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            String room = room(type.getPackageName());
            if (!room.isEmpty() && !room.equals("cli") && !EDGES.containsKey(room)) {
                unknown.add(room);
            }
        }
        assertThat(unknown).as("packages without a row in the table of rooms").isEmpty();
    }

    @Test
    void systemClocksAreReadInBaseAlone() {
        noClasses()
                .that(inExtensionRoomsBut("io.dogsled.base.."))
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .because("tests own time: pass the Clock in")
                .check(CLASSES);
    }

    @Test
    void theEnvironmentIsReadInConfigAlone() {
        noClasses()
                .that(inExtensionRoomsBut("io.dogsled.config.."))
                .should()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .because("settings are read once, by ConfigReader")
                .check(CLASSES);
    }

    @Test
    void linesGoThroughLogAlone() {
        noClasses()
                .that(inExtensionRoomsBut("io.dogsled.base.Log", "io.dogsled.base.Log$Slf4j"))
                .should()
                .accessField(System.class, "err")
                .orShould()
                .accessField(System.class, "out")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("org.slf4j..", "java.util.logging..")
                .because("one place decides how a line looks and when slf4j loads")
                .check(CLASSES);
    }

    @Test
    void protobufIsWrittenInTheSerializerAlone() {
        noClasses()
                .that(inExtensionRoomsBut("io.dogsled.serializer.."))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.google.protobuf..")
                .check(CLASSES);
    }

    @Test
    void regexIsUsedInTheMapperAlone() {
        noClasses()
                .that(inExtensionRoomsBut("io.dogsled.dogstatsd.mapper.."))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.regex..")
                .orShould()
                .callMethod(String.class, "matches", String.class)
                .orShould()
                .callMethod(String.class, "split", String.class)
                .orShould()
                .callMethod(String.class, "replaceAll", String.class, String.class)
                .because("the first regex costs start-up time")
                .check(CLASSES);
    }

    @Test
    void theExtensionUsesNoDataBindingExecutorOrHeavyClient() {
        noClasses()
                .that(inExtensionRoomsBut())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "com.fasterxml.jackson.databind..",
                        "java.net.http..",
                        "java.util.stream..",
                        "java.lang.reflect..",
                        "picocli..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.concurrent.Executors")
                .orShould()
                .callMethod(String.class, "format", String.class, Object[].class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .check(CLASSES);
    }

    @Test
    void threadsAreStartedOnlyForTheRolesOfTheTable() {
        Set<String> creators = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            String room = room(type.getPackageName());
            if (EXTENSION.contains(room) || room.isEmpty()) {
                for (var call : type.getConstructorCallsFromSelf()) {
                    if (call.getTargetOwner().isEquivalentTo(Thread.class)) {
                        creators.add(room);
                    }
                }
            }
        }
        assertThat(Set.of("dogstatsd.listeners", "forwarder", "control"))
                .as("rooms that create threads; architecture.md has the table of roles")
                .containsAll(creators);
    }

    private static boolean mayUse(String from, String to) {
        if (from.equals(to)) {
            return true;
        }
        if (from.isEmpty()) {
            return !List.of("testserver", "emulator", "cli", "sample").contains(to);
        }
        if (from.equals("sample") || to.isEmpty()) {
            return false;
        }
        if (from.equals("cli")) {
            return !to.equals("sample");
        }
        return to.equals("base")
                || (to.equals("config") && EXTENSION.contains(from))
                || EDGES.getOrDefault(from, Set.of()).contains(to);
    }

    private static String room(String packageName) {
        return packageName.equals(ROOT) ? "" : packageName.substring(ROOT.length() + 1);
    }

    private static com.tngtech.archunit.base.DescribedPredicate<JavaClass> inExtensionRoomsBut(String... exceptions) {
        return com.tngtech.archunit.base.DescribedPredicate.describe("are in extension rooms", type -> {
            String room = room(type.getPackageName());
            for (String exception : exceptions) {
                boolean whole = exception.endsWith("..");
                String name = whole ? exception.substring(0, exception.length() - 2) : exception;
                if (whole
                        ? type.getPackageName().startsWith(name)
                        : type.getName().equals(name)) {
                    return false;
                }
            }
            return room.isEmpty()
                    || room.equals("base")
                    || room.equals("metrics")
                    || room.equals("sketch")
                    || EXTENSION.contains(room);
        });
    }
}
