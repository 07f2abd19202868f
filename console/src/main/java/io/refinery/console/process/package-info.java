/** Other processes of this program. */
package io.refinery.console.process;
