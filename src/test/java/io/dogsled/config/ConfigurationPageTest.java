package io.dogsled.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@code docs/configuration.md} has a row for every variable the reader asks for, and for no other. */
class ConfigurationPageTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([A-Z0-9_]+|[a-z]+_proxy)` \\|");

    @Test
    void thePageListsExactlyTheVariablesThatAreRead() throws IOException {
        Asked environment = new Asked();
        ConfigReader.read(environment, new ArrayList<>());
        ConnectionReader.read(environment, new ArrayList<>());

        Set<String> documented = new TreeSet<>();
        Matcher rows = ROW.matcher(Files.readString(Path.of("docs/configuration.md")));
        while (rows.find()) {
            assertThat(documented.add(rows.group(1)))
                    .as(rows.group(1) + " has one row")
                    .isTrue();
        }
        assertThat(documented).isEqualTo(environment.names);
    }

    /** An empty environment that remembers what it was asked for. */
    @SuppressWarnings("serial") // never serialised
    private static final class Asked extends HashMap<String, String> {
        private final transient Set<String> names = new TreeSet<>();

        @Override
        public @Nullable String get(@Nullable Object name) {
            names.add(String.valueOf(name));
            return null;
        }

        @Override
        public Set<Map.Entry<String, String>> entrySet() {
            return Set.of();
        }
    }
}
