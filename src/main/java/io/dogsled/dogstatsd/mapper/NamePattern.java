package io.dogsled.dogstatsd.mapper;

/** A compiled {@code match}. */
interface NamePattern {
    /** What the groups captured, or {@link Captures#NONE}. */
    Captures match(String name);
}
