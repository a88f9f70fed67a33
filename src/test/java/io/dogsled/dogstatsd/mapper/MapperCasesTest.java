package io.dogsled.dogstatsd.mapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dogsled.testing.Case;
import io.dogsled.testing.CasesSource;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;

/** The conformance cases of the mapper; {@code map-tags-after-client-tags} needs a whole line and is with the server's. */
class MapperCasesTest {
    @ParameterizedTest(name = "{0}")
    @CasesSource(value = "mapper", except = "map-tags-after-client-tags")
    void aNameIsMappedAsTheAgentMapsIt(Case c) throws MapperException {
        assertMapped(c, c.input().get("profiles").toString());
    }

    @ParameterizedTest(name = "{0}")
    @CasesSource("mapper.config")
    void profilesWithAFaultAreRefusedByName(Case c) {
        String profiles = c.input().get("profiles").toString();
        assertThatThrownBy(() -> Mappers.parse(profiles))
                .isInstanceOf(MapperException.class)
                .hasMessageContaining(c.expect().get("error_contains").asText());
    }

    /** Another server's mappings, written as one profile for all names. */
    @ParameterizedTest(name = "{0}")
    @CasesSource("peers.mapper")
    void theFirstMatchWins(Case c) throws MapperException {
        ObjectNode profile =
                JsonNodeFactory.instance.objectNode().put("name", "p").put("prefix", "*");
        for (JsonNode mapping : c.input().get("mappings")) {
            ObjectNode ours = ((ObjectNode) mapping).deepCopy();
            ours.set("tags", ours.remove("labels"));
            profile.withArray("mappings").add(ours);
        }
        assertMapped(c, "[" + profile + "]");
    }

    private static void assertMapped(Case c, String profiles) throws MapperException {
        MappedName mapped = Mappers.parse(profiles).map(c.input().get("metric").asText());
        if (c.expect().isNull()) {
            assertThat(mapped).isEqualTo(MappedName.NONE);
            return;
        }
        assertThat(mapped.name()).isEqualTo(c.expect().get("name").asText());
        Set<String> tags = new TreeSet<>();
        c.expect().get("tags").forEach(tag -> tags.add(tag.asText()));
        assertThat(new TreeSet<>(mapped.tags())).isEqualTo(tags);
    }
}
