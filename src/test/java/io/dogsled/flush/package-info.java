/** Tests of when and how a flush happens, with the real server, aggregator, forwarder and test server around it. */
@NullMarked
package io.dogsled.flush;

import org.jspecify.annotations.NullMarked;
