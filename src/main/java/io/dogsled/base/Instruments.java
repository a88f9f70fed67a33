package io.dogsled.base;

/** What every long-lived part is given by whoever builds it: the time, the numbers it may add to, and a place for lines. */
public record Instruments(Clock clock, Counters counters, Log log) {}
