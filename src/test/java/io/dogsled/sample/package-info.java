/** Tests of the sample function. */
@NullMarked
package io.dogsled.sample;

import org.jspecify.annotations.NullMarked;
