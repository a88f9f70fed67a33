/** Fixtures that tests of several rooms share. */
@NullMarked
package io.dogsled.testing;

import org.jspecify.annotations.NullMarked;
