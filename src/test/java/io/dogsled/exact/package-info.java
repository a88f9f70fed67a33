/**
 * "Numbers stay exact" as one property over the whole path: random lives of a sandbox run through parser, aggregator,
 * forwarder and serializer into an intake, and what that shows must be what a plain model says (architecture.md).
 */
@NullMarked
package io.dogsled.exact;

import org.jspecify.annotations.NullMarked;
