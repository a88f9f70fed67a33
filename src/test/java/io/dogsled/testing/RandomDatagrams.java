package io.dogsled.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Datagrams as a careless or hostile sender makes them: good lines of every kind and all lines of the conformance cases, joined and
 * then damaged a little or a lot. One seed gives one sequence; {@code -Ddogsled.seed=} replays it.
 */
public final class RandomDatagrams {
    private static final List<String> OWN = List.of(
            "page.views:1|c",
            "queue.depth:-12.5:3:1e3|g|#env:dev,az:1",
            "request.time:0.1716441474854946|ms|@0.25|#route:/a,status:200",
            "size:320|d|T1700000000|@1.000000|#a:b,c|card:low|c:ci-abc,in-123|e:it-false,cn-app",
            "users:joe:doe|s|#host:h,dd.internal.card:high,dd.internal.entity_id:x",
            "h:1:2::3|h|#,,x,",
            "daemon:666|g|m:unknown||@1|T5",
            "♬†ø:1|c|#intitulé:T0µ",
            "_e{5,4}:title|text|d:12|h:host|k:key|p:low|s:src|t:error|#a,b",
            "_e{2,12}:\\n|line1\\nline2",
            "_sc|agent.up|0|d:21|h:localhost|#tag1:test|m:this is fine",
            "x:0x1p-2|g",
            "x:inf:nan:-Infinity|c",
            "x:1e400|g",
            "");
    private static final List<String> LINES = lines();
    private static final byte[] TELLING =
            ":|#@T,\n\r_e{}sc0123456789.+-xpinfa \\\0\u007F".getBytes(StandardCharsets.US_ASCII);

    private final long seed;
    private final Random random;

    /** The sequence of {@code -Ddogsled.seed=}, or a new one. */
    public RandomDatagrams() {
        this(Long.getLong("dogsled.seed", new Random().nextLong()));
    }

    public RandomDatagrams(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
    }

    /** For the message of an assertion: how to see the same again. */
    public String replay() {
        return "replay with -Ddogsled.seed=" + seed;
    }

    /** The next datagram: 0 to a few thousand bytes. */
    public byte[] next() {
        ByteArrayOutputStream datagram = new ByteArrayOutputStream();
        int lines = 1 + random.nextInt(8);
        for (int i = 0; i < lines; i++) {
            datagram.writeBytes(LINES.get(random.nextInt(LINES.size())).getBytes(StandardCharsets.UTF_8));
            if (i + 1 < lines || random.nextBoolean()) {
                datagram.writeBytes(random.nextInt(4) == 0 ? new byte[] {'\r', '\n'} : new byte[] {'\n'});
            }
        }
        byte[] bytes = datagram.toByteArray();
        int damages = random.nextInt(3) == 0 ? 0 : 1 << random.nextInt(6);
        for (int i = 0; i < damages; i++) {
            bytes = damaged(bytes);
        }
        return bytes;
    }

    private static List<String> lines() {
        List<String> lines = new ArrayList<>(OWN);
        lines.addAll(OWN); // the cases hold more faults than good lines
        for (Case one : Cases.all()) {
            if (one.input().isTextual()) {
                lines.add(one.input().asText());
            } else {
                lines.add(one.input()
                        .path("msg")
                        .asText(one.input().path("datagram").asText()));
            }
        }
        lines.removeIf(String::isEmpty);
        return lines;
    }

    private byte[] damaged(byte[] bytes) {
        if (bytes.length == 0) {
            return new byte[] {anyByte()};
        }
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(6)) {
            case 0 -> bytes[at] = anyByte();
            case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 2 -> {
                return java.util.Arrays.copyOf(bytes, at); // cut off
            }
            case 3 -> {
                return spliced(bytes, at, at, random.nextInt(3) == 0 ? repeated() : new byte[] {anyByte()});
            }
            case 4 -> {
                return spliced(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(5)), new byte[0]);
            }
            default -> {
                int from = random.nextInt(bytes.length);
                byte[] piece = java.util.Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + 20));
                return spliced(bytes, at, at, piece);
            }
        }
        return bytes;
    }

    private byte[] repeated() {
        byte[] run = new byte[random.nextInt(300)];
        java.util.Arrays.fill(run, anyByte());
        return run;
    }

    private byte anyByte() {
        return random.nextInt(4) == 0 ? (byte) random.nextInt(256) : TELLING[random.nextInt(TELLING.length)];
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] between) {
        byte[] joined = new byte[from + between.length + bytes.length - to];
        System.arraycopy(bytes, 0, joined, 0, from);
        System.arraycopy(between, 0, joined, from, between.length);
        System.arraycopy(bytes, to, joined, from + between.length, bytes.length - to);
        return joined;
    }
}
