/**
 * Metric names → other names and tags, by the profiles of {@code DD_DOGSTATSD_MAPPER_PROFILES} (protocol.md §5; Agent:
 * comp/dogstatsd/mapper/mapper.go).
 *
 * <p>Uses {@code base} alone, and libraries that nothing loads unless profiles are set: jackson-core for their text, {@code
 * java.util.regex} for mappings of type {@code regex}. A {@link io.dogsled.dogstatsd.mapper.MetricMapper} belongs to one thread or lock.
 */
@NullMarked
package io.dogsled.dogstatsd.mapper;

import org.jspecify.annotations.NullMarked;
