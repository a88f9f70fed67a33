/**
 * The {@code dogsled} command: one class per subcommand, each a thin main that builds what it runs.
 *
 * <p>May use any room but {@code sample}, and picocli. Exit codes of every subcommand: 0 done, 1 it could not be done
 * (a taken port, a difference found), 2 wrong use of the command line. Everything runs on the main thread unless the
 * room that is started says otherwise.
 */
@NullMarked
package io.dogsled.cli;

import org.jspecify.annotations.NullMarked;
