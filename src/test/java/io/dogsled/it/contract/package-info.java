/**
 * The contract with Lambda, case by case: what {@code extension.json} demands, shown on the packaged layer in the local Lambda.
 * A test that shows a case carries its id ({@link io.dogsled.testing.ContractCase}); the tests beside it show what the same
 * rule means elsewhere. Everything is observed from outside: calls that the platform received, payloads that the test server
 * received, log lines, exit codes, times.
 */
@NullMarked
package io.dogsled.it.contract;

import org.jspecify.annotations.NullMarked;
