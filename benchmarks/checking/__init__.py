"""Templates checked by the command's code, against cfn-lint with nothing but what it needs."""
