package io.dogsled.it;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The packaged engine as a process, with the test in the place of the launcher: frames over two named pipes as fd 3 and 4,
 * and a real UDP socket as fd 0, which bash connects to one of ours. Marks are answered by themselves; every other frame
 * waits to be taken.
 */
final class EngineProcess implements AutoCloseable {
    private static final String SHELL =
            "exec 3<\"$1/in\" 4>\"$1/out\" 0<>/dev/udp/127.0.0.1/$2; printf hello >&0; shift 2; exec \"$@\"";
    private static final int PATIENCE_S = 20;

    private final Process process;
    private final DatagramSocket peer;
    private final OutputStream toEngine;
    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    private final AtomicLong holds = new AtomicLong();
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private final DatagramPacket engineAddress = new DatagramPacket(new byte[16], 16);
    private final Thread stderr;

    private EngineProcess(Path folder, DatagramSocket peer, Process process) throws IOException {
        this.peer = peer;
        this.process = process;
        this.toEngine = new FileOutputStream(folder.resolve("in").toFile());
        DataInputStream fromEngine =
                new DataInputStream(new FileInputStream(folder.resolve("out").toFile()));
        peer.receive(engineAddress);
        Thread.ofPlatform().daemon().start(() -> readFrames(fromEngine));
        this.stderr = Thread.ofPlatform().daemon().start(this::readLines);
    }

    /** Starts it with these variables and nothing else in its environment. */
    static EngineProcess start(Path folder, Map<String, String> environment) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        run("mkfifo", folder.resolve("in").toString(), folder.resolve("out").toString());
        DatagramSocket peer = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        peer.setSoTimeout(PATIENCE_S * 1_000);
        ProcessBuilder builder = new ProcessBuilder(
                "bash",
                "-c",
                SHELL,
                "engine",
                folder.toString(),
                String.valueOf(peer.getLocalPort()),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "-cp",
                Packaged.file("dogsled.jar").toString(),
                "io.dogsled.ExtensionMain",
                "--udp=8125");
        builder.environment().clear();
        builder.environment().put("DD_DOGSLED_CONTROL_PORT", "0");
        builder.environment().putAll(environment);
        return new EngineProcess(folder, peer, builder.start());
    }

    void registered(int telemetryStatus) throws IOException {
        send(
                1,
                bytes("\u0001{\"launcher\":{\"name\":\"dogsled\",\"udpPort\":8125,\"telemetryStatus\":"
                        + telemetryStatus + "},\"register\":{\"functionName\":\"f\"}}"));
    }

    void invoke(String requestId, long inMs) throws IOException {
        event("{\"eventType\":\"INVOKE\",\"requestId\":\"" + requestId + "\",\"deadlineMs\":"
                + (System.currentTimeMillis() + inMs) + "}");
    }

    void runtimeDone(String requestId) throws IOException {
        send(
                3,
                stamped("[{\"type\":\"platform.runtimeDone\",\"record\":{\"requestId\":\"" + requestId
                        + "\",\"status\":\"success\"}}]"));
    }

    void shutdown(long inMs) throws IOException {
        event("{\"eventType\":\"SHUTDOWN\",\"shutdownReason\":\"spindown\",\"deadlineMs\":"
                + (System.currentTimeMillis() + inMs) + "}");
    }

    void event(String json) throws IOException {
        send(2, stamped(json));
    }

    void send(int type, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(5 + payload.length).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(payload.length + 1).put((byte) type).put(payload);
        raw(frame.array());
    }

    /** Bytes into the pipe as they are. */
    void raw(byte[] bytes) throws IOException {
        toEngine.write(bytes);
        toEngine.flush();
    }

    void datagram(byte[] bytes) throws IOException {
        peer.send(new DatagramPacket(bytes, bytes.length, engineAddress.getSocketAddress()));
    }

    void datagram(String text) throws IOException {
        datagram(bytes(text));
    }

    /** The launcher dies. */
    void closePipe() throws IOException {
        toEngine.close();
    }

    /** The next frame from the engine that is no mark: {@code ready}, {@code done r1}, {@code wake 5}. */
    String take() throws InterruptedException {
        String frame = frames.poll(PATIENCE_S, TimeUnit.SECONDS);
        if (frame == null) {
            throw new AssertionError("no frame from the engine; it said " + lines);
        }
        return frame;
    }

    /** Takes frames until one begins like this. */
    String takeUntil(String prefix) throws InterruptedException {
        String frame = take();
        while (!frame.startsWith(prefix)) {
            frame = take();
        }
        return frame;
    }

    /** Waits for its end and for its last line. */
    int exitStatus() throws InterruptedException {
        if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
            throw new AssertionError("the engine goes on; it said " + lines);
        }
        stderr.join();
        return process.exitValue();
    }

    /** Its last word about what it holds. */
    long holds() {
        return holds.get();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        toEngine.close();
        peer.close();
    }

    private void readFrames(DataInputStream in) {
        try (in) {
            while (true) {
                int length = Integer.reverseBytes(in.readInt());
                int type = in.readUnsignedByte();
                byte[] payload = in.readNBytes(length - 1);
                switch (type) {
                    case 16 -> frames.add("ready");
                    case 17 -> frames.add("done " + new String(payload, StandardCharsets.UTF_8));
                    case 18 -> datagram(payload);
                    case 19 ->
                        frames.add("wake "
                                + ByteBuffer.wrap(payload)
                                        .order(ByteOrder.LITTLE_ENDIAN)
                                        .getInt());
                    case 21 ->
                        holds.set(ByteBuffer.wrap(payload)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .getLong());
                    default -> frames.add("type " + type);
                }
            }
        } catch (IOException engineGone) {
            frames.add("end");
        }
    }

    private void readLines() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            String line = reader.readLine();
            while (line != null) {
                lines.add(line);
                line = reader.readLine();
            }
        } catch (IOException engineGone) {
            lines.add("(stderr broke off)");
        }
    }

    private static byte[] stamped(String text) {
        byte[] body = bytes(text);
        return ByteBuffer.allocate(8 + body.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(System.nanoTime())
                .put(body)
                .array();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        int status = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + status);
        }
    }
}
