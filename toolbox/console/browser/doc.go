// Package browser uses the console as a person does, in Chromium:
//
//	make test-console      clicks through every view
//	make screenshots       writes the pictures of docs/images
//
// Its tests have the build tag "browser": what they import of Chromium's
// protocol takes longer to compile than all the rest.
package browser
