package io.dogsled.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;
import io.dogsled.metrics.Event;
import io.dogsled.serializer.PayloadSerializer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Writing to a pipe that is read, one that nobody reads, and one that is closed. */
class LetterPostTest {
    private final Clock clock = Clock.system();

    @Test
    void aLetterIsOutWhenItsLastLineIsWritten() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LetterPost post = new LetterPost(out, clock);

        assertThat(post.post(letter("a-1"), in(9_000))).isTrue();
        assertThat(post.post(letter("a-2"), in(9_000))).isTrue();
        post.close();

        assertThat(out.toString(StandardCharsets.US_ASCII).lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .startsWith("DOGSLED deadletter {\"id\":\"a-")
                        .endsWith("}"));
    }

    @Test
    void aPipeThatNobodyReadsIsWaitedForUntilTheDeadlineAndNeverAgain() {
        CountDownLatch read = new CountDownLatch(1);
        BlockedPipe pipe = new BlockedPipe(read);
        LetterPost post = new LetterPost(pipe, clock);

        assertThat(post.post(letter("a-1"), in(50))).isFalse();
        long startNs = System.nanoTime();
        assertThat(post.post(letter("a-2"), in(9_000))).isFalse();
        assertThat(System.nanoTime() - startNs).as("waited again").isLessThan(5_000_000_000L);
        read.countDown();
        post.close();
    }

    @Test
    void aClosedPipeIsNoReasonToWait() {
        LetterPost post = new LetterPost(new ClosedPipe(), clock);
        long startNs = System.nanoTime();

        assertThat(post.post(letter("a-1"), in(9_000))).isFalse();
        assertThat(System.nanoTime() - startNs).isLessThan(5_000_000_000L);
    }

    private Deadline in(long ms) {
        return Deadline.after(clock.nowNs(), ms);
    }

    private static DeadLetter letter(String id) {
        Event event = new Event("e", "text", 0, "normal", "", List.of(), "info", "", "");
        return new DeadLetter(id, new PayloadSerializer(true).events(List.of(event), 1));
    }

    private static final class BlockedPipe extends OutputStream {
        private final CountDownLatch read;

        BlockedPipe(CountDownLatch read) {
            this.read = read;
        }

        @Override
        public void write(int b) throws IOException {
            try {
                read.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    private static final class ClosedPipe extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
        }
    }
}
