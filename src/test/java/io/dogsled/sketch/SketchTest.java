package io.dogsled.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SketchTest {
    /** protocol.md §3.3. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "1e-10, 0, 0",
        "9.94e-10, 0, 0",
        "1e-9, 1, 9.9418541e-10",
        "1e-6, 447, 1.0012812e-06",
        "0.001, 892, 9.9291331e-04",
        "0.1, 1189, 0.0992490",
        "0.5, 1293, 0.4977345",
        "1, 1338, 1.0",
        "1.5, 1364, 1.4964698",
        "2, 1383, 2.0091031",
        "3.5, 1419, 3.5107831",
        "4.5, 1435, 4.4992292",
        "5, 1442, 5.0150099",
        "10, 1487, 10.0756719",
        "20, 1531, 19.9316317",
        "50, 1590, 49.752216",
        "99.5, 1635, 99.957331",
        "100, 1635, 99.957331",
        "240, 1691, 238.168367",
        "666, 1757, 662.654779",
        "777, 1767, 773.786522",
        "777.5, 1767, 773.786522",
        "1000, 1784, 1007.137266",
        "1e4, 1932, 9991.467946",
        "1e5, 2081, 100670.7527",
        "1e6, 2229, 998720.4649",
        "1e9, 2675, 1005848598.3",
        "1e12, 3120, 9.97442567e11",
        "1e100, 16189, 9.94181937e99",
        "-5, -1442, -5.0150099",
        "-10, -1487, -10.0756719",
        "-100, -1635, -99.957331",
        "-1e9, -2675, -1005848598.3"
    })
    void aValueFallsIntoItsBin(double value, int key, double lowerBound) {
        assertThat(Keys.key(value)).isEqualTo(key);
        assertThat(Keys.lowerBound(key)).isCloseTo(lowerBound, within(Math.abs(lowerBound) * 1e-6));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e214, 1e300, Double.MAX_VALUE})
    void keysSaturate(double value) {
        assertThat(Keys.key(value)).isEqualTo(Keys.INFINITE);
        assertThat(Keys.key(-value)).isEqualTo(-Keys.INFINITE);
        assertThat(Keys.lowerBound(Keys.INFINITE)).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void everyKeyIsTheKeyOfItsLowerBound() {
        for (int key = 1; key <= 32_766; key++) {
            assertThat(Keys.key(Keys.lowerBound(key))).isEqualTo(key);
        }
    }

    /** The quick logarithm never decides where it could be wrong: at the borders between keys, a few numbers to both sides. */
    @Test
    void theKeyIsThatOfTheAgentsLogarithmEvenAtTheBorders() {
        for (int key = 1; key < 32_766; key++) {
            double border = StrictMath.pow(Keys.GAMMA, key - 1_338 + 0.5);
            for (double value = Math.nextDown(Math.nextDown(border)), i = 0; i < 5; i++, value = Math.nextUp(value)) {
                assertThat(Keys.key(value)).as("%s", value).isEqualTo(keyByStrictMath(value));
            }
        }
        Random random = new Random(17);
        for (int i = 0; i < 200_000; i++) {
            double value = Math.exp(random.nextDouble() * 500 - 20);
            assertThat(Keys.key(value)).as("%s", value).isEqualTo(keyByStrictMath(value));
        }
    }

    private static int keyByStrictMath(double value) {
        return Math.max(1, (int) Math.rint(StrictMath.log(value) / StrictMath.log1p(1.0 / 64)) + 1_338);
    }

    @Test
    void aRateThatIsNoWholeFractionCountsTruncatedAndSumsExactly() {
        Sketch sketch = new Sketch();
        sketch.insert(5, 0.3);
        sketch.finish();
        assertThat(sketch.count()).isEqualTo(3);
        assertThat(sketch.sum()).isEqualTo(5 * (1 / 0.3));
        assertThat(sketch.average()).isEqualTo(5);
        assertThat(BinText.of(sketch)).isEqualTo("1442:3");
    }

    @Test
    void whatASketchCannotHoldLeavesItUnchanged() {
        Sketch sketch = new Sketch();
        sketch.insert(Double.MAX_VALUE, 1);
        assertThat(sketch.insert(Double.MAX_VALUE, 1)).isFalse();
        assertThat(sketch.insert(Double.NaN, 1)).isFalse();
        assertThat(sketch.insert(Double.POSITIVE_INFINITY, 0.5)).isFalse();
        assertThat(sketch.insert(1, 1e-12)).isFalse();
        sketch.finish();
        assertThat(sketch.count()).isEqualTo(1);
        assertThat(sketch.sum()).isEqualTo(Double.MAX_VALUE);
    }

    @Test
    void theAverageStaysFiniteWhereADifferenceOverflows() {
        Sketch sketch = new Sketch();
        sketch.insert(-1.7e308, 1);
        sketch.insert(1.7e308, 1);
        assertThat(sketch.average()).isZero();
        Sketch uneven = new Sketch();
        uneven.insert(-1.7e308, 1);
        uneven.insert(1.6e308, 1);
        assertThat(uneven.average()).isCloseTo(-5e306, within(1e293));
        Sketch merged = new Sketch();
        merged.insert(-1.7e308, 1);
        Sketch largest = new Sketch();
        largest.insert(1.6e308, 1);
        largest.finish();
        merged.merge(largest);
        assertThat(merged.average()).isCloseTo(-5e306, within(1e293));
        Sketch other = new Sketch();
        other.insert(1.7e308, 1);
        other.finish();
        sketch.merge(other);
        sketch.merge(other);
        assertThat(sketch.average()).isFinite();
        assertThat(sketch.sum()).isEqualTo(Double.MAX_VALUE);
    }

    /** Agent: store_test.go; the remainder first, full bins behind it. */
    @Test
    void fullBinsStandBehindTheRemainder() {
        assertThat(merged("1:65534", "1:65533", 4_096)).isEqualTo("1:65532 1:65535");
        assertThat(merged("0:1 0:65535 0:65535", "0:2", 4_096)).isEqualTo("0:3 0:65535 0:65535");
        assertThat(merged("1:65535 2:65535 3:65535", "", 2)).isEqualTo("2:65535 2:65535 3:65535");
    }

    @Test
    void manyValuesOfOneKeyFillSeveralBins() {
        Sketch sketch = new Sketch();
        for (int i = 0; i < 3 * 65_535 + 7; i++) {
            sketch.insert(1, 1);
        }
        sketch.finish();
        assertThat(BinText.of(sketch)).isEqualTo("1338:7 1338:65535 1338:65535 1338:65535");
    }

    @Test
    void theLowestBinsAreFoldedPastTheLimit() {
        Sketch sketch = new Sketch();
        for (int key = 1; key <= 5_120; key++) {
            sketch.insert(Keys.lowerBound(key), 1);
        }
        sketch.finish();
        assertThat(sketch.bins()).isEqualTo(4_096);
        assertThat(sketch.key(0)).isEqualTo(1_025);
        assertThat(sketch.binCount(0)).isEqualTo(1_025);
        assertThat(sketch.count()).isEqualTo(5_120);
    }

    @Test
    void sampledValuesAndMergesKeepTheLimitToo() {
        Sketch low = new Sketch();
        Sketch high = new Sketch();
        for (int key = 1; key <= 4_096; key++) {
            low.insert(Keys.lowerBound(key), 0.5);
            high.insert(Keys.lowerBound(key + 4_096), 1);
        }
        low.insert(Keys.lowerBound(5_000), 0.5);
        assertThat(low.bins()).isEqualTo(4_096);
        assertThat(low.binCount(0)).as("the two lowest keys, two values each").isEqualTo(4);
        high.finish();
        low.merge(high);
        assertThat(low.bins()).isEqualTo(4_096);
        assertThat(low.key(0)).isEqualTo(4_097);
        assertThat(low.binCount(0)).as("all that was lower, and its own").isEqualTo(2 * 4_096 + 1);
        assertThat(low.count()).isEqualTo(2 * 4_097 + 4_096);
    }

    @Test
    void theCountHasALimit() {
        Sketch sketch = new Sketch();
        assertThat(sketch.insert(1, 0x1p-30)).isTrue();
        assertThat(sketch.insert(1, 0x1p-30)).as("2^31 in all").isFalse();
        assertThat(sketch.insert(1, 0x1p-29)).isTrue();
        assertThat(sketch.count()).isEqualTo((1 << 30) + (1 << 29));
    }

    @Test
    void largeValuesOfOppositeSignCancelOut() {
        Sketch sketch = new Sketch();
        sketch.insert(Double.MAX_VALUE, 1);
        assertThat(sketch.insert(-Double.MAX_VALUE / 2, 0.5)).isTrue();
        assertThat(sketch.sum()).isZero();
        assertThat(sketch.insert(Double.MAX_VALUE, 0.5)).isFalse();
    }

    @Test
    void mergingIsTheSketchOfAllValues() {
        Random random = new Random(7);
        Sketch all = new Sketch();
        Sketch left = new Sketch();
        Sketch right = new Sketch();
        for (int i = 0; i < 20_000; i++) {
            double value = Math.rint(random.nextGaussian() * 1_000);
            all.insert(value, 1);
            (random.nextBoolean() ? left : right).insert(value, 1);
        }
        right.finish();
        left.merge(right);
        left.finish();
        all.finish();
        assertThat(BinText.of(left)).isEqualTo(BinText.of(all));
        assertThat(left.count()).isEqualTo(all.count());
        assertThat(left.sum()).isEqualTo(all.sum());
        assertThat(left.min()).isEqualTo(all.min());
        assertThat(left.max()).isEqualTo(all.max());
    }

    @Test
    void aCopyDoesNotFollowItsOriginal() {
        Sketch sketch = new Sketch();
        sketch.insert(1, 1);
        Sketch copy = sketch.copy();
        sketch.insert(2, 1);
        assertThat(copy.count()).isEqualTo(1);
        assertThat(BinText.of(copy)).isEqualTo("1338:1");
    }

    /** protocol.md §3.1. */
    @Test
    void theConstantsAreTheAgents() {
        assertThat(Keys.GAMMA).isEqualTo(1 + 2.0 / 128);
        assertThat(Math.floor(StrictMath.log(1e-9) / StrictMath.log1p(1.0 / 64)))
                .isEqualTo(-1_337);
        assertThat(Keys.lowerBound(1_338)).isEqualTo(1);
        assertThat(Keys.lowerBound(1)).isEqualTo(9.94185408912145e-10);
        assertThat(Keys.lowerBound(32_766)).isCloseTo(4.1376e211, within(1e207));
        assertThat(Keys.key(Keys.lowerBound(32_766) * Keys.GAMMA)).isEqualTo(Keys.INFINITE);
        assertThat(Keys.key(Math.nextDown(Keys.lowerBound(1)))).isZero();
    }

    /** protocol.md §3.4: the average is moved by each value, for several at once by their share. */
    @Test
    void theAverageIsMovedByEachValue() {
        Sketch sketch = new Sketch();
        sketch.insert(10, 1);
        assertThat(sketch.average()).isEqualTo(10);
        sketch.insert(1, 1);
        assertThat(sketch.average()).isEqualTo(10 + (1 - 10) / 2.0);
        sketch.insert(4, 0.25);
        assertThat(sketch.average()).isEqualTo(5.5 + (4 - 5.5) * 4 / 6);
    }

    /** protocol.md §3.4: the rank is rounded half to even, the value lies in its bin, and never beyond what was seen. */
    @ParameterizedTest
    @CsvSource({
        "0, -5",
        "0.16, 0",
        "0.25, 1e-9",
        "0.4166, 1e-9",
        "0.5, 1",
        "0.5834, 10",
        "0.75, 10",
        "0.95, 1e9",
        "1, 1e9"
    })
    void quantilesOfTheWorkedSketch(double q, double expected) {
        Sketch sketch = new Sketch();
        for (double value : new double[] {0, 1, 10, 100, -5, 1e-9, 1e9}) {
            sketch.insert(value, 1);
        }
        sketch.finish();
        assertThat(quantile(sketch, q)).isCloseTo(expected, within(Math.abs(expected) * 0.016));
    }

    /** protocol.md §3.3, the two large totals; ends and a bin that overflows as in the Agent's agent_test.go. */
    @Test
    void interpolationKeepsLargeTotals() {
        Bins million = new Bins();
        Interpolation.insert(million, 1e3, 1e5, 999_999);
        assertThat(total(million)).isEqualTo(999_999);
        assertThat(BinText.of(million))
                .startsWith("1784:158 1785:162 1786:164 ")
                .endsWith(" 2079:15403 2080:8942");
        Bins tenMillion = new Bins();
        Interpolation.insert(tenMillion, 1e3, 1e4, 9_999_999);
        assertThat(total(tenMillion)).isEqualTo(9_999_999);
        assertThat(BinText.of(tenMillion))
                .startsWith("1784:17485 1785:17758 ")
                .contains(" 1869:65314 1870:799 1870:65535 1871:1835 1871:65535 ")
                .endsWith(" 1931:39724 1931:65535 1931:65535 1932:17411");
    }

    @Test
    void interpolationEndsWhereKeysSaturateAndRefusesARangeUpsideDown() {
        Bins bins = new Bins();
        Interpolation.insert(bins, 1, 1e300, 10);
        assertThat(total(bins)).isEqualTo(10);
        assertThatThrownBy(() -> Interpolation.insert(bins, 100, 1, 5)).isInstanceOf(IllegalArgumentException.class);
    }

    /** What the sketch is for: quantiles within its step of 1.6 %. */
    @Test
    void quantilesAreWithinOneStep() {
        Random random = new Random(11);
        double[] values = new double[50_000];
        Sketch sketch = new Sketch();
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.exp(random.nextGaussian() * 3);
            sketch.insert(values[i], 1);
        }
        sketch.finish();
        Arrays.sort(values);
        for (double q : new double[] {0.01, 0.25, 0.5, 0.9, 0.99}) {
            double exact = values[(int) Math.rint(q * (values.length - 1))];
            assertThat(quantile(sketch, q)).isCloseTo(exact, within(exact * 0.016));
        }
    }

    /** Agent: sparse.go, Quantile; protocol.md §3.4. */
    private static double quantile(Sketch sketch, double q) {
        double rank = Math.rint(q * (sketch.count() - 1));
        double seen = 0;
        for (int i = 0; i < sketch.bins(); i++) {
            seen += sketch.binCount(i);
            if (seen > rank) {
                double weight = (seen - rank) / sketch.binCount(i);
                double low = Keys.lowerBound(sketch.key(i));
                double value = low * weight + low * Keys.GAMMA * (1 - weight);
                return Math.clamp(value, sketch.min(), sketch.max());
            }
        }
        return sketch.max();
    }

    private static long total(Bins bins) {
        long total = 0;
        for (int i = 0; i < bins.size(); i++) {
            total += bins.count(i);
        }
        return total;
    }

    private static String merged(String a, String b, int limit) {
        Bins bins = BinText.parse(a);
        bins.addAll(BinText.parse(b));
        bins.trimLeft(limit);
        return BinText.of(bins);
    }
}
