/** Other processes of this program. */
package io.refinery.process;
