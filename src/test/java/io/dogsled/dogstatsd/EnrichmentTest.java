package io.dogsled.dogstatsd;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.config.Config;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the conformance cases leave open; the rest is in {@link CasesTest}. */
class EnrichmentTest {
    private static final Config.NameFilter NONE = new Config.NameFilter(List.of(), false);

    @Test
    void tagsAreSortedByBytesUniqueAndNeverEmpty() {
        assertThat(tags(Settings.defaults(), "a:1|c|#b,,a,é,b,Z,")).isEqualTo("[\"Z\",\"a\",\"b\",\"é\"]");
    }

    @Test
    void theServersTagsAreAddedAndNotRepeated() {
        assertThat(tags(Settings.withTags("env:dev", "x"), "a:1|c|#x,y")).isEqualTo("[\"env:dev\",\"x\",\"y\"]");
        assertThat(tags(Settings.withTags("env:dev"), "a:1|c")).isEqualTo("[\"env:dev\"]");
    }

    @Test
    void reservedTagsLeaveAndSimilarOnesStay() {
        assertThat(
                        tags(
                                Settings.defaults(),
                                "a:1|c|#host:h,host:,dd.internal.entity_id:e,dd.internal.jmx_check_name:j,dd.internal.card:low"))
                .isEqualTo("[]");
        assertThat(tags(
                        Settings.defaults(),
                        "a:1|c|#hostname:h,host,xhost:h,dd.internal.resource:t:n,device:d,dd.internal.x:y"))
                .isEqualTo(
                        "[\"dd.internal.resource:t:n\",\"dd.internal.x:y\",\"device:d\",\"host\",\"hostname:h\",\"xhost:h\"]");
    }

    @Test
    void theNamespaceIsNotPutBeforeExcludedNames() {
        Config.Dogstatsd config = Settings.with("ns.", NONE, List.of());
        assertThat(name(config, "a:1|c")).isEqualTo("ns.a");
        assertThat(name(config, "jvm.gc:1|c")).isEqualTo("jvm.gc");
        assertThat(name(config, "jvmx:1|c")).as("a prefix, no dot needed").isEqualTo("jvmx");
    }

    @Test
    void theBlockListLooksAtTheFinalName() {
        Config.NameFilter exact = new Config.NameFilter(List.of("ns.a", "b"), false);
        Config.Dogstatsd config = Settings.with("ns.", exact, List.of());
        assertThat(new Parsed(config).feed("a:1|c").sink().enriched()).isEmpty();
        assertThat(name(config, "b:1|c")).isEqualTo("ns.b");
        assertThat(name(config, "a.b:1|c")).isEqualTo("ns.a.b");
        Config.NameFilter prefix = new Config.NameFilter(List.of("ns.a"), true);
        assertThat(new Parsed(Settings.with("ns.", prefix, List.of()))
                        .feed("a.b:1|c")
                        .sink()
                        .enriched())
                .isEmpty();
    }

    @Test
    void anEmptyEntryOfTheBlockListBlocksNothing() {
        Config.NameFilter empty = new Config.NameFilter(List.of(""), true);
        assertThat(name(Settings.with("", empty, List.of()), "a:1|c")).isEqualTo("a");
    }

    @Test
    void aNameIsMappedBeforeTheNamespaceAndItsTagsMayBeReserved() {
        String profiles = """
                [{"name":"p","prefix":"a.","mappings":[{"match":"a.*","name":"b","tags":{"host":"$1","x":"$1"}}]}]
                """;
        Config.Dogstatsd config = Settings.withMapper(profiles);
        assertThat(name(config, "a.q:1|c|#t")).isEqualTo("b");
        assertThat(tags(config, "a.q:1|c|#t")).isEqualTo("[\"t\",\"x:q\"]");
        assertThat(name(config, "c.q:1|c")).isEqualTo("c.q");
    }

    @Test
    void profilesThatCannotBeUsedMapNothing() {
        assertThat(name(Settings.withMapper("[{"), "a.q:1|c")).isEqualTo("a.q");
    }

    @Test
    void aNameThatIsNotUtf8IsNotMapped() {
        byte[] line = {'a', '.', (byte) 0xFF, ':', '1', '|', 'c'};
        String profiles = "[{\"name\":\"p\",\"prefix\":\"*\",\"mappings\":[{\"match\":\"a.*\",\"name\":\"b.$1\"}]}]";
        var parsed = new Parsed(Settings.withMapper(profiles)).feed(line);
        assertThat(parsed.sink().enriched().getFirst().get("name").asText()).isEqualTo("a.\uFFFD");
    }

    private static String tags(Config.Dogstatsd config, String line) {
        return new Parsed(config)
                .feed(line)
                .sink()
                .enriched()
                .getFirst()
                .get("tags")
                .toString();
    }

    private static String name(Config.Dogstatsd config, String line) {
        return new Parsed(config)
                .feed(line)
                .sink()
                .enriched()
                .getFirst()
                .get("name")
                .asText();
    }
}
