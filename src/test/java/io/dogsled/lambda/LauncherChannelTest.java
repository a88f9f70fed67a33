package io.dogsled.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The frames, byte by byte, as {@code docs/architecture.md} fixes them. */
class LauncherChannelTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final LauncherChannel writer = new LauncherChannel(InputStream.nullInputStream(), written);

    @Test
    void whatTheEngineSaysHasTheseBytes() {
        writer.ready();
        writer.done("r-1");
        writer.mark(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        writer.wake(10);
        writer.wake(0);
        writer.wake(Long.MAX_VALUE);
        writer.holds(0x1020304050607L);

        assertThat(HexFormat.of().formatHex(written.toByteArray()))
                .isEqualTo("01000000" + "10"
                        + "04000000" + "11" + "722d31"
                        + "09000000" + "12" + "0102030405060708"
                        + "05000000" + "13" + "0a000000"
                        + "05000000" + "13" + "00000000"
                        + "05000000" + "13" + "ffffff7f"
                        + "09000000" + "15" + "0706050403020100");
    }

    @ParameterizedTest
    @CsvSource({
        "0100000006, 6, ''",
        "0200000004 00, 4, 00",
        "0600000004 613a317c63, 4, 613a317c63",
        "01000000ff, 255, ''"
    })
    void whatTheLauncherSaysIsRead(String hex, int type, String payload) throws IOException {
        Frame frame = new Frame();

        assertThat(reader(hex).read(frame)).isTrue();

        assertThat(frame.type()).isEqualTo(type);
        assertThat(HexFormat.of().formatHex(frame.payload(), 0, frame.length())).isEqualTo(payload);
    }

    @Test
    void numbersAreLittleEndianAndTextsFollowThem() throws IOException {
        Frame frame = new Frame();
        reader("0b00000005 0102030405060780 c3bc").read(frame);

        assertThat(frame.u64()).isEqualTo(0x8007060504030201L);
        assertThat(frame.bodyText()).isEqualTo("ü");
    }

    @Test
    void aFrameTooShortForItsNumberReadsAsNothing() throws IOException {
        Frame frame = new Frame();
        reader("0400000002 010203").read(frame);

        assertThat(frame.u64()).isZero();
        assertThat(frame.bodyText()).isEmpty();
    }

    @Test
    void theEndOfTheStreamBetweenFramesIsNoError() throws IOException {
        assertThat(reader("").read(new Frame())).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0000000002, a frame of length 0",
        "0100200002, a frame of length 2097153",
        "ffffffff02, a frame of length 4294967295"
    })
    void aLengthThatCannotBeIsNonsense(String hex, String message) {
        LauncherChannel reader = reader(hex);

        assertThatThrownBy(() -> reader.read(new Frame()))
                .isInstanceOf(IOException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"01", "01000000", "0300000004 00"})
    void halfAFrameIsNonsense(String hex) {
        LauncherChannel reader = reader(hex);

        assertThatThrownBy(() -> reader.read(new Frame())).hasMessage("half a frame");
    }

    @Test
    void theLargestFrameIsReadAndItsBufferNotKept() throws IOException {
        byte[] bytes = new byte[4 + (2 << 20) + 6];
        bytes[2] = 0x20;
        bytes[4] = Frame.TELEMETRY;
        bytes[bytes.length - 7] = 7;
        bytes[bytes.length - 6] = 2;
        bytes[bytes.length - 2] = Frame.TICK;
        bytes[bytes.length - 1] = 9;
        LauncherChannel reader = new LauncherChannel(new ByteArrayInputStream(bytes), OutputStream.nullOutputStream());
        Frame frame = new Frame();

        assertThat(reader.read(frame)).isTrue();
        assertThat(frame.length()).isEqualTo((2 << 20) - 1);
        assertThat(frame.payload()[frame.length() - 1]).isEqualTo((byte) 7);
        assertThat(reader.read(frame)).isTrue();
        assertThat(frame.payload()[0]).isEqualTo((byte) 9);
        assertThat(frame.payload()).hasSizeLessThan(1 << 17);
    }

    @Test
    void aWriteToALauncherThatIsGoneIsNoError() {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };

        new LauncherChannel(InputStream.nullInputStream(), broken).done("r1");
    }

    @Test
    void framesOfSeveralThreadsDoNotMix() throws InterruptedException, IOException {
        List<Thread> threads = List.of(new Thread(this::writeMany), new Thread(this::writeMany));
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }

        LauncherChannel reader =
                new LauncherChannel(new ByteArrayInputStream(written.toByteArray()), OutputStream.nullOutputStream());
        Frame frame = new Frame();
        int frames = 0;
        while (reader.read(frame)) {
            assertThat(frame.type()).isEqualTo(Frame.MARK);
            assertThat(Arrays.copyOf(frame.payload(), frame.length()))
                    .containsOnly(5)
                    .hasSize(64);
            frames++;
        }
        assertThat(frames).isEqualTo(2_000);
    }

    private void writeMany() {
        byte[] mark = new byte[64];
        Arrays.fill(mark, (byte) 5);
        for (int i = 0; i < 1_000; i++) {
            writer.mark(mark);
        }
    }

    private static LauncherChannel reader(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        return new LauncherChannel(new ByteArrayInputStream(bytes), OutputStream.nullOutputStream());
    }
}
