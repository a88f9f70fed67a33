package io.dogsled.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Log;
import io.dogsled.testing.StandardError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A key in a file: when it is read, and what is said when it cannot be. */
@ResourceLock(Resources.SYSTEM_ERR)
class FileKeyTest {
    private static final long NOW_MS = 1_763_000_000_000L;

    @TempDir
    private Path folder;

    private Path file;
    private FileKey key;

    @BeforeEach
    void name() {
        file = folder.resolve("key");
        key = new FileKey(file.toString(), new Log(Log.Level.WARN));
    }

    @Test
    void isReadWhenItIsAskedForAndNotBefore() throws Exception {
        Files.writeString(file, "  first\n");
        assertThat(key.key()).isEmpty();
        assertThat(key.canChange()).isTrue();
        assertThat(key.refresh(NOW_MS)).as("a key that was not there before").isTrue();
        assertThat(key.key()).isEqualTo("first");
    }

    @Test
    void isReadAgainAtMostOnceAMinute() throws Exception {
        Files.writeString(file, "first");
        key.refresh(NOW_MS);
        Files.writeString(file, "second");
        assertThat(key.refresh(NOW_MS + 59_999)).isFalse();
        assertThat(key.key()).isEqualTo("first");
        assertThat(key.refresh(NOW_MS + 60_000)).isTrue();
        assertThat(key.key()).isEqualTo("second");
        assertThat(key.refresh(NOW_MS + 120_000)).as("the same again").isFalse();
    }

    @Test
    void isLookedForWithEveryFlushWhileThereIsNone() throws Exception {
        List<String> lines = during(() -> {
            assertThat(key.refresh(NOW_MS)).isFalse();
            assertThat(key.refresh(NOW_MS + 1)).isFalse();
            Files.writeString(file, "first");
            assertThat(key.refresh(NOW_MS + 2)).isTrue();
        });
        assertThat(key.key()).isEqualTo("first");
        assertThat(lines).as("once a minute").hasSize(1);
        assertThat(lines.getFirst()).contains(file.toString(), "it is not there", "metrics are held");
    }

    @Test
    void aKeyThatWasReadStaysWhileTheFileIsAway() throws Exception {
        Files.writeString(file, "first");
        key.refresh(NOW_MS);
        Files.delete(file);
        List<String> lines =
                during(() -> assertThat(key.refresh(NOW_MS + 60_000)).isFalse());
        assertThat(key.key()).isEqualTo("first");
        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst()).contains("the key read before stays");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "two words", "secret\u00e9", "'secret'", "a\nb"})
    void whatIsNoKeyIsNotUsedAndNotShown(String text) throws Exception {
        Files.writeString(file, text);
        List<String> lines = during(() -> assertThat(key.refresh(NOW_MS)).isFalse());
        assertThat(key.key()).isEmpty();
        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst()).contains("cannot be used").doesNotContain("secret", "two words");
    }

    @Test
    void onlyARegularFileOfTheSizeOfAKeyIsRead() throws Exception {
        Files.createDirectory(file);
        assertThat(during(() -> assertThat(key.refresh(NOW_MS)).isFalse()).getFirst())
                .contains("no regular file");
        Files.delete(file);
        Files.writeString(file, "k".repeat(4097));
        assertThat(during(() -> assertThat(key.refresh(NOW_MS + 60_000)).isFalse())
                        .getFirst())
                .contains("longer than 4096 bytes")
                .doesNotContain("kkkk");
    }

    private List<String> during(StandardError.Action action) throws Exception {
        return StandardError.during(action).stream()
                .filter(line -> line.contains("DD_API_KEY_FILE") && line.contains(folder.toString()))
                .toList();
    }
}
