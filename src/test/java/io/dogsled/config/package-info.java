/** Tests of the settings: defaults, limits, what is said about a bad one, and the page that describes them. */
@NullMarked
package io.dogsled.config;

import org.jspecify.annotations.NullMarked;
