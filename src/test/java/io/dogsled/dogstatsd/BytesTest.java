package io.dogsled.dogstatsd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BytesTest {
    @Test
    void theFastSearchFindsWhatTheSlowOneFinds() {
        long seed = Long.getLong("dogsled.seed", new Random().nextLong());
        Random random = new Random(seed);
        byte[] few = {'|', '}', '{', (byte) 0xFC, 0, (byte) 0x80, 1, '|' - 1};
        for (int round = 0; round < 100_000; round++) {
            byte[] buffer = new byte[random.nextInt(40)];
            for (int i = 0; i < buffer.length; i++) {
                buffer[i] = random.nextInt(4) == 0 ? few[random.nextInt(few.length)] : (byte) random.nextInt(256);
            }
            int to = random.nextInt(buffer.length + 1);
            int from = random.nextInt(to + 1);
            assertThat(Bytes.indexOfFar(buffer, from, to, '|'))
                    .as("seed %d, %d to %d", seed, from, to)
                    .isEqualTo(Bytes.indexOf(buffer, from, to, '|'));
        }
    }

    @Test
    void aPrefixLongerThanTheBytesIsNone() {
        byte[] buffer = {'h', 'o', 's', 't', ':'};
        assertThat(Bytes.startsWith(buffer, 0, 5, "host:")).isTrue();
        assertThat(Bytes.startsWith(buffer, 0, 4, "host:")).isFalse();
    }
}
