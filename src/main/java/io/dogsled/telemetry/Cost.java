package io.dogsled.telemetry;

/**
 * What an invocation cost, as the Agent estimates it: the list price of requests and of duration in us-east-1, first tier,
 * without discounts or free tier (Agent: pkg/serverless/metrics/enhanced_metrics.go).
 */
final class Cost {
    private static final double REQUEST = 2e-7;
    private static final double GB_SECOND_X86 = 0.0000166667;
    private static final double GB_SECOND_ARM = 0.0000133334;
    private static final double MB_PER_GB = 1_024;
    private static final double MS_PER_S = 1_000;
    private static final double PRECISION = 1e13;

    private Cost() {}

    /** −1 if the report has no billing, as on Managed Instances. */
    static double dollars(Measures measures) {
        double billedMs = measures.get(Measure.BILLED_DURATION);
        double memoryMb = measures.get(Measure.MEMORY_SIZE);
        if (billedMs < 0 || memoryMb < 0) {
            return -1;
        }
        boolean arm = System.getProperty("os.arch", "").equals("aarch64");
        double price = arm ? GB_SECOND_ARM : GB_SECOND_X86;
        double dollars = REQUEST + billedMs / MS_PER_S * (memoryMb / MB_PER_GB) * price;
        return Math.round(dollars * PRECISION) / PRECISION;
    }
}
