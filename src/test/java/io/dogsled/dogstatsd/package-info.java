/** Tests of the server: lines, datagrams, names and tags, and the conformance cases that end before the aggregator. */
@NullMarked
package io.dogsled.dogstatsd;

import org.jspecify.annotations.NullMarked;
