package io.dogsled.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dogsled.base.Deadline;
import io.dogsled.testing.ManualClock;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import org.junit.jupiter.api.Test;

/** Reads across a freeze, on a socket that obeys the test's clock. */
class AnswerInputTest {
    private final ManualClock clock = new ManualClock();

    @Test
    void aReadThatOversleptGetsAMomentMore() throws Exception {
        AnswerInput in = new AnswerInput(wire(new FrozenSocket(60_000, -1)), clock);
        in.begin(Deadline.after(clock.nowNs(), 1_000));

        assertThat(in.read()).isEqualTo('x');
    }

    @Test
    void aReadThatTookAsLongAsAskedEnds() throws Exception {
        AnswerInput in = new AnswerInput(wire(new FrozenSocket(1_000, -1)), clock);
        in.begin(Deadline.after(clock.nowNs(), 1_000));

        assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void theMomentIsGivenOncePerExchange() throws Exception {
        AnswerInput in = new AnswerInput(wire(new FrozenSocket(60_000, 60_000, -1)), clock);
        in.begin(Deadline.after(clock.nowNs(), 1_000));

        assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
        in.begin(Deadline.after(clock.nowNs(), 1_000));
        assertThat(in.read()).isEqualTo('x');
    }

    private static Wire wire(FrozenSocket socket) throws java.io.IOException {
        return new Wire(socket, socket.getInputStream(), java.io.OutputStream.nullOutputStream());
    }

    /** Each read takes the next number of milliseconds and times out; −1 is a byte at once. */
    private final class FrozenSocket extends Socket {
        private final ArrayDeque<Long> naps = new ArrayDeque<>();

        FrozenSocket(long... napsMs) {
            for (long napMs : napsMs) {
                naps.add(napMs);
            }
        }

        @Override
        public void setSoTimeout(int timeoutMs) {
            assertThat(timeoutMs).isPositive();
        }

        @Override
        public InputStream getInputStream() {
            return new InputStream() {
                @Override
                public int read() {
                    throw new AssertionError("bytes are read in blocks");
                }

                @Override
                public int read(byte[] target, int offset, int length) throws IOException {
                    long napMs = naps.remove();
                    if (napMs < 0) {
                        target[offset] = 'x';
                        return 1;
                    }
                    clock.advanceMs(napMs);
                    throw new SocketTimeoutException();
                }
            };
        }
    }
}
