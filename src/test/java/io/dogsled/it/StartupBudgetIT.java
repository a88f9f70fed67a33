package io.dogsled.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the packaged engine loads until it says {@code ready}: a number of classes that is checked in, all of them from the AOT
 * cache, and none of those that cost milliseconds (style.md §3).
 */
@Timeout(60)
class StartupBudgetIT {
    /** Loaded before {@code ready}: 372 by the JVM before main, the rest by us and for us. Change it only with a reason in the commit. */
    private static final int CLASSES = 512;

    /** Without a cache, where a class is verified by loading others. */
    private static final int CLASSES_WITHOUT_CACHE = 526;

    /** Below this the limit says nothing any more. */
    private static final int SLACK = 10;

    private static final List<String> DEAR = List.of(
            "java.util.stream.",
            "java.util.regex.",
            "java.util.logging.",
            "java.util.Formatter",
            "java.util.zip.",
            "java.util.jar.JarFile",
            "java.net.http.",
            "java.nio.channels.",
            "sun.nio.fs.",
            "java.lang.invoke.LambdaForms",
            "java.lang.invoke.VarHandles",
            "java.lang.runtime.ObjectMethods",
            "com.fasterxml.",
            "com.google.protobuf.",
            "org.slf4j.",
            "javax.net.ssl.");

    @Test
    void everyClassBeforeReadyIsFromTheCacheAndTheirNumberIsTheOneCheckedIn() throws Exception {
        BareEngine engine =
                BareEngine.live(Packaged.layer(), List.of(), BareEngine.options(Packaged.layer()), "-XX:AOTMode=on");

        List<String> loaded = engine.loadedBeforeReady();

        assertThat(loaded).as("from the AOT cache").allMatch(BareEngine::isFromCache);
        assertThat(loaded.size()).as("classes loaded before ready").isBetween(CLASSES - SLACK, CLASSES);
    }

    @Test
    void nothingDearIsLoadedBeforeReady() throws Exception {
        // a cache may hide what is only verified against
        List<String> options = BareEngine.options(Packaged.layer()).stream()
                .filter(option -> !option.startsWith("-XX:AOTCache="))
                .toList();

        List<String> loaded =
                BareEngine.live(Packaged.layer(), List.of(), options).loadedBeforeReady();

        assertThat(loaded)
                .noneMatch(line -> DEAR.stream().anyMatch(line::startsWith))
                .anyMatch(line -> line.startsWith("io.dogsled.dogstatsd.DogStatsDServer "));
        assertThat(loaded.size())
                .as("classes loaded before ready, without a cache")
                .isBetween(CLASSES_WITHOUT_CACHE - SLACK, CLASSES_WITHOUT_CACHE);
    }
}
