/** Tests of the code's own shape: who may use whom, what may not be called, how large a file may grow. */
@NullMarked
package io.dogsled.rules;

import org.jspecify.annotations.NullMarked;
