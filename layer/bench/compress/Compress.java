import com.github.luben.zstd.ZstdCompressCtx;
import io.airlift.compress.zstd.ZstdCompressor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.Deflater;

/**
 * One candidate, one payload, one process: {@code Compress candidate file rounds}. Prints bytes before and after; µs for the first payload and
 * for each of the warm ones; kilobytes resident more, and classes loaded more, after the first. {@code Compress table file} makes a table of
 * many such lines.
 *
 * <p>Time is the wall's, since some kernels account CPU in ticks; of several processes the lower quartile counts, which is the time without
 * the others of a shared machine.
 */
final class Compress {
    /** Compresses all of {@code plain} into {@code out}; returns how many bytes that are. */
    interface Candidate {
        int compress(byte[] plain, byte[] out);
    }

    private Compress() {}

    public static void main(String[] args) throws IOException {
        if (args[0].equals("table")) {
            table(Path.of(args[1]));
            return;
        }
        byte[] plain = Files.readAllBytes(Path.of(args[1]));
        byte[] out = new byte[plain.length + plain.length / 8 + 4_096];
        Arrays.fill(out, (byte) 1);
        long classes = classes();
        long residentKb = residentKb();
        long startNs = System.nanoTime();
        Candidate candidate = candidate(args[0]);
        int bytes = candidate.compress(plain, out);
        long firstNs = System.nanoTime() - startNs;
        residentKb = residentKb() - residentKb;
        classes = classes() - classes;
        int rounds = Integer.parseInt(args[2]);
        for (int i = 0; i < rounds; i++) {
            candidate.compress(plain, out);
        }
        startNs = System.nanoTime();
        for (int i = 0; i < rounds; i++) {
            candidate.compress(plain, out);
        }
        double warmUs = rounds == 0 ? 0 : (System.nanoTime() - startNs) / 1e3 / rounds;
        System.out.println(args[0] + " " + plain.length + " " + bytes + " " + firstNs / 1_000 + " " + warmUs + " " + residentKb + " " + classes);
    }

    private static void table(Path lines) throws IOException {
        Map<String, List<double[]>> groups = new LinkedHashMap<>();
        for (String line : Files.readAllLines(lines)) {
            String[] words = line.split(" ");
            double[] numbers = Arrays.stream(words).skip(2).mapToDouble(Double::parseDouble).toArray();
            groups.computeIfAbsent(String.format("%-16s %-14s", words[0], words[1]), key -> new ArrayList<>()).add(numbers);
        }
        System.out.printf("%-31s %9s %9s %10s %10s %8s %8s%n", "payload, candidate", "plain", "bytes", "first µs", "warm µs", "more kB", "classes");
        groups.forEach((name, rows) -> {
            double[] q = new double[6];
            for (int i = 0; i < q.length; i++) {
                int column = i;
                q[i] = rows.stream().mapToDouble(row -> row[column]).sorted().toArray()[rows.size() / 4];
            }
            System.out.printf(Locale.ROOT, "%s %9.0f %9.0f %10.0f %10.1f %8.0f %8.0f%n", name, q[0], q[1], q[2], q[3], q[4], q[5]);
        });
    }

    private static Candidate candidate(String name) {
        return switch (name) {
            case "deflate-1" -> new Zlib(1);
            case "deflate-6" -> new Zlib(6);
            case "zstd-jni-1" -> new Jni(1);
            case "zstd-jni-3" -> new Jni(3);
            case "libzstd-1" -> new Own(1);
            case "libzstd-3" -> new Own(3);
            case "aircompressor" -> new Pure();
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static long residentKb() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return 0;
    }

    private static long classes() {
        return java.lang.management.ManagementFactory.getClassLoadingMXBean().getTotalLoadedClassCount();
    }

    private static final class Zlib implements Candidate {
        private final Deflater deflater;

        Zlib(int level) {
            deflater = new Deflater(level);
        }

        @Override
        public int compress(byte[] plain, byte[] out) {
            deflater.reset();
            deflater.setInput(plain);
            deflater.finish();
            return deflater.deflate(out);
        }
    }

    private static final class Jni implements Candidate {
        private final ZstdCompressCtx context;

        Jni(int level) {
            context = new ZstdCompressCtx().setLevel(level);
        }

        @Override
        public int compress(byte[] plain, byte[] out) {
            return context.compressByteArray(out, 0, out.length, plain, 0, plain.length);
        }
    }

    private static final class Pure implements Candidate {
        private final ZstdCompressor compressor = new ZstdCompressor();

        @Override
        public int compress(byte[] plain, byte[] out) {
            return compressor.compress(plain, 0, plain.length, out, 0, out.length);
        }
    }

    /** zstd.c: libzstd linked into a library of ours. */
    private static final class Own implements Candidate {
        private final long context;
        private final int level;

        Own(int level) {
            System.load(System.getProperty("libzstd"));
            this.context = open();
            this.level = level;
        }

        @Override
        public int compress(byte[] plain, byte[] out) {
            return compress(context, level, plain, plain.length, out);
        }

        static native long open();

        static native int compress(long context, int level, byte[] plain, int length, byte[] out);
    }
}
