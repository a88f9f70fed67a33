package io.dogsled.lambda;

import io.dogsled.base.Counters;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import io.dogsled.lambda.InvocationListener.Moment;
import io.dogsled.testing.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/**
 * The other side of the pipes and of the listener, in one thread: it says what the launcher would say, steps the loop once
 * per frame, and keeps one diary of everything the loop does, in order.
 */
final class Launcher implements InvocationListener {
    static final long BUDGET_MS = 250;

    final ManualClock clock = new ManualClock();
    final Counters counters = new Counters();
    final List<String> diary = Collections.synchronizedList(new ArrayList<>());
    final DataSignal signal;
    final LambdaLoop loop;

    /** What the strategy says. */
    boolean holds = true;

    long intervalMs;
    boolean unflushed;
    boolean awaitsTelemetry;
    boolean awaitsData;

    String shutdownReason = "";

    /** Runs inside the next flush. */
    Runnable duringFlush = () -> {};

    private final Incoming incoming = new Incoming();

    Launcher() {
        this(false, false);
    }

    static Launcher onManagedInstances() {
        return new Launcher(true, false);
    }

    static Launcher withSnapStart() {
        return new Launcher(false, true);
    }

    private Launcher(boolean managedInstances, boolean snapStart) {
        LauncherChannel channel = new LauncherChannel(incoming, new Outgoing(diary));
        signal = new DataSignal(channel);
        loop = new LambdaLoop(
                new LambdaLoop.Setup(
                        BUDGET_MS,
                        managedInstances,
                        snapStart,
                        signal,
                        new Instruments(clock, counters, new Log(Log.Level.OFF))),
                channel,
                this);
    }

    void registers(int telemetryStatus) {
        says(
                Frame.REGISTERED,
                "\u0001{\"launcher\":{\"name\":\"dogsled\",\"udpPort\":8125,\"telemetryStatus\":" + telemetryStatus
                        + "},\"register\":{\"functionName\":\"f\"}}");
    }

    void invokes(String requestId, long inMs) {
        event("{\"eventType\":\"INVOKE\",\"requestId\":\"" + requestId + "\",\"deadlineMs\":" + (clock.nowMs() + inMs)
                + "}");
    }

    void shutsDown(long inMs) {
        event("{\"eventType\":\"SHUTDOWN\",\"shutdownReason\":\"spindown\",\"deadlineMs\":" + (clock.nowMs() + inMs)
                + "}");
    }

    void event(String json) {
        says(Frame.EVENT, now() + json);
    }

    /** The listener takes the text of a batch for the request id. */
    void runtimeDone(String requestId) {
        says(Frame.TELEMETRY, now() + requestId);
    }

    void ticks() {
        says(Frame.TICK, "");
    }

    void says(int type, String latin1) {
        incoming.add(bytes(type, latin1));
        loop.step();
    }

    void saysBytes(byte[] bytes) {
        incoming.add(bytes);
        loop.step();
    }

    void leaves() {
        loop.step();
    }

    /** The diary since the last call. */
    List<String> took() {
        List<String> entries = List.copyOf(diary);
        diary.clear();
        return entries;
    }

    static byte[] bytes(int type, String latin1) {
        byte[] payload = latin1.getBytes(StandardCharsets.ISO_8859_1);
        byte[] frame = new byte[5 + payload.length];
        int length = payload.length + 1;
        for (int i = 0; i < 4; i++) {
            frame[i] = (byte) (length >> (8 * i));
        }
        frame[4] = (byte) type;
        System.arraycopy(payload, 0, frame, 5, payload.length);
        return frame;
    }

    /** A u64 as eight Latin-1 characters. */
    String now() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            text.append((char) (clock.nowNs() >> (8 * i) & 0xff));
        }
        return text.toString();
    }

    @Override
    public void onRegistered(Registration registration) {
        diary.add("registered " + registration.telemetryStatus() + " " + registration.functionName());
    }

    @Override
    public boolean onInvoke(LambdaEvent event) {
        diary.add("invoke " + event.requestId());
        return holds;
    }

    @Override
    public void onFlush(Moment moment, Deadline deadline) {
        diary.add("flush " + moment + " " + deadline.remainingMs(clock.nowNs()) + " ms");
        unflushed = false;
        duringFlush.run();
    }

    @Override
    public void onShutdown(LambdaEvent event) {
        shutdownReason = event.shutdownReason();
    }

    @Override
    public boolean awaitsTelemetry() {
        return awaitsTelemetry;
    }

    @Override
    public long intervalMs() {
        return intervalMs;
    }

    @Override
    public boolean awaitsData() {
        return awaitsData;
    }

    @Override
    public boolean hasUnflushed() {
        return unflushed;
    }

    @Override
    public void onTelemetry(byte[] bytes, int start, int length, long receivedNs) {
        loop.onRuntimeDone(new String(bytes, start, length, StandardCharsets.ISO_8859_1), receivedNs);
    }

    @Override
    public void onRestored(Deadline deadline) {
        diary.add("restored");
    }

    @Override
    public void onRestarted(long dropped, String why) {
        diary.add("restarted " + dropped + " " + why);
    }

    /** One frame after the other, then the end. */
    private static final class Incoming extends InputStream {
        private final Deque<Byte> bytes = new ArrayDeque<>();

        void add(byte[] more) {
            for (byte b : more) {
                bytes.add(b);
            }
        }

        @Override
        public int read() {
            return bytes.isEmpty() ? -1 : bytes.remove() & 0xff;
        }

        /** Never more than three at a time, as a pipe may do. */
        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return super.read(buffer, offset, Math.min(length, 3));
        }
    }

    /** Writes what the engine says into the diary. */
    private static final class Outgoing extends ByteArrayOutputStream {
        private final List<String> diary;

        Outgoing(List<String> diary) {
            this.diary = diary;
        }

        @Override
        public void flush() {
            byte[] frame = toByteArray();
            reset();
            String text = new String(frame, 5, frame.length - 5, StandardCharsets.UTF_8);
            diary.add(
                    switch (frame[4]) {
                        case Frame.READY -> "ready";
                        case Frame.DONE -> "done " + text;
                        case Frame.MARK -> "mark " + text;
                        case Frame.WAKE ->
                            "wake " + ((frame[5] & 0xff) | (frame[6] & 0xff) << 8 | (frame[7] & 0xff) << 16);
                        default -> "type " + frame[4];
                    });
        }
    }
}
