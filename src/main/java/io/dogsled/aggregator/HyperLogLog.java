package io.dogsled.aggregator;

import io.dogsled.metrics.LineHash;

/**
 * About how many different byte strings were added, in a fixed few bytes (Flajolet et al. 2007; the estimate without
 * thresholds of Ertl, "New cardinality estimation algorithms for HyperLogLog sketches", 2017, algorithm 6).
 *
 * <p>A hash picks one of {@code m} registers by its first bits, and the register keeps the longest run of zeros the others
 * began with. The standard error is {@code 1.04 / √m}: 1.6 % with {@link #FINE}, 3.3 % with {@link #MIDDLE},
 * 6.5 % with {@link #COARSE}; a few members are counted nearly exactly. Adding allocates nothing and never makes the estimate
 * smaller by more than a rounding.
 */
final class HyperLogLog {
    /** 4096 registers, a byte each. */
    static final int FINE = 12;

    /** 1024 registers. */
    static final int MIDDLE = 10;

    /** 256 registers. */
    static final int COARSE = 8;

    private static final double ALPHA = 0.5 / Math.log(2);
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final int precision;
    private final byte[] registers;

    /** @param precision {@link #FINE}, {@link #MIDDLE} or {@link #COARSE} */
    HyperLogLog(int precision) {
        this.precision = precision;
        this.registers = new byte[1 << precision];
    }

    /** The number of registers. */
    int bytes() {
        return registers.length;
    }

    void add(byte[] buffer, int from, int to) {
        long hash = hash(buffer, from, to);
        int register = (int) (hash >>> (Long.SIZE - precision));
        // a bit behind the last one bounds the run
        long rest = hash << precision | 1L << (precision - 1);
        byte run = (byte) (Long.numberOfLeadingZeros(rest) + 1);
        if (run > registers[register]) {
            registers[register] = run;
        }
    }

    long estimate() {
        int longest = Long.SIZE - precision;
        int[] counts = new int[longest + 2];
        for (byte run : registers) {
            counts[run]++;
        }
        double m = registers.length;
        double z = m * tau(1 - counts[longest + 1] / m);
        for (int run = longest; run >= 1; run--) {
            z = 0.5 * (z + counts[run]);
        }
        z += m * sigma(counts[0] / m);
        return Math.round(ALPHA * m * m / z);
    }

    /** As for a line, then mixed until every bit depends on every byte (the finish is that of MurmurHash3). */
    static long hash(byte[] buffer, int from, int to) {
        long hash = LineHash.mixAll((to - from) * MULTIPLIER, buffer, from, to);
        hash = (hash ^ hash >>> 33) * 0xFF51AFD7ED558CCDL;
        hash = (hash ^ hash >>> 33) * 0xC4CEB9FE1A85EC53L;
        return hash ^ hash >>> 33;
    }

    private static double sigma(double share) {
        if (share == 1) {
            return Double.POSITIVE_INFINITY;
        }
        double x = share;
        double y = 1;
        double z = x;
        double before;
        do {
            x *= x;
            before = z;
            z += x * y;
            y += y;
        } while (z != before);
        return z;
    }

    private static double tau(double share) {
        if (share == 0 || share == 1) {
            return 0;
        }
        double x = share;
        double y = 1;
        double z = 1 - x;
        double before;
        do {
            x = Math.sqrt(x);
            before = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        } while (z != before);
        return z / 3;
    }
}
