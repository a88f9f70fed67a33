package io.dogsled.metrics;

import java.util.List;

/**
 * One service check (protocol.md §1.9).
 *
 * @param status 0 OK, 1 warning, 2 critical, 3 unknown
 * @param timestampS seconds since the epoch; 0 = none given
 * @param host {@code ""} = none
 * @param message {@code ""} = none
 */
public record ServiceCheck(String name, int status, long timestampS, String host, String message, List<String> tags) {}
