/** Tests of what waits, of rounds by hand, and of the thread that runs them. */
@NullMarked
package io.dogsled.forwarder;

import org.jspecify.annotations.NullMarked;
