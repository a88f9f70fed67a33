package io.dogsled.serializer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.testserver.PayloadDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * Compares a payload with {@code golden/<kind>/<name>.bin}, byte by byte, and with its readable twin {@code .txt}, which
 * the test server's decoder writes: another implementation, so a mistake in one of the two shows.
 * {@code -Dgolden.update=true} rewrites both; the difference is for review.
 */
final class Golden {
    private static final boolean UPDATE = Boolean.getBoolean("golden.update");

    private Golden() {}

    static void check(String name, Payload payload) throws IOException {
        Path folder = Path.of("src/test/resources/golden", payload.kind().name().toLowerCase(Locale.ROOT));
        Path bytes = folder.resolve(name + ".bin");
        Path twin = folder.resolve(name + ".txt");
        String text = PayloadDecoder.text(
                payload.kind().path(),
                Map.of("Content-Type", payload.kind().contentType(), "Content-Encoding", payload.contentEncoding()),
                payload.body());
        if (UPDATE) {
            Files.createDirectories(folder);
            Files.write(bytes, payload.body());
            Files.writeString(twin, text);
        }
        assertThat(text).as("%s", twin).isEqualTo(Files.readString(twin));
        assertThat(payload.body()).as("%s", bytes).isEqualTo(Files.readAllBytes(bytes));
    }
}
