package io.dogsled.forwarder;

/**
 * How long an intake asks us to stay away, within reason: seconds, at most five minutes. The form with a date is taken as
 * none, since a sandbox's clock is not worth an argument.
 */
final class RetryAfter {
    static final long MAX_MS = 300_000;

    private RetryAfter() {}

    /** Milliseconds; 0 if the header is absent or not a number. */
    static long ms(String header) {
        long seconds = 0;
        for (int i = 0; i < header.length(); i++) {
            int digit = Character.digit(header.charAt(i), 10);
            if (digit < 0) {
                return 0;
            }
            seconds = Math.min(MAX_MS, seconds * 10 + digit);
        }
        return Math.min(MAX_MS, seconds * 1_000);
    }
}
