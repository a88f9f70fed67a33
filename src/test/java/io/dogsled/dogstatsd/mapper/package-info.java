/** Tests of the mapper and its conformance cases. */
@NullMarked
package io.dogsled.dogstatsd.mapper;

import org.jspecify.annotations.NullMarked;
