/** Tests of the exchange, against a peer that is scripted by the byte. */
@NullMarked
package io.dogsled.http;

import org.jspecify.annotations.NullMarked;
