package io.dogsled.metrics;

import java.util.List;

/**
 * One event (protocol.md §1.8). Texts are decoded as UTF-8, since the intake takes events as JSON.
 *
 * @param timestampS seconds since the epoch; 0 = none given
 * @param priority {@code normal} or {@code low}
 * @param host {@code ""} = none
 * @param alertType {@code info}, {@code warning}, {@code error} or {@code success}
 * @param aggregationKey {@code ""} = none
 * @param sourceType {@code ""} = none
 */
public record Event(
        String title,
        String text,
        long timestampS,
        String priority,
        String host,
        List<String> tags,
        String alertType,
        String aggregationKey,
        String sourceType) {}
