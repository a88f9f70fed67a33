/** Tests of the aggregator. */
@NullMarked
package io.dogsled.aggregator;

import org.jspecify.annotations.NullMarked;
