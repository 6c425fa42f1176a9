provider "aws" {
  region = var.region
}

module "vpc" {
  source = "../../"

  name                = var.name
  cidr                = "10.64.0.0/16"
  availability_zones  = ["${var.region}a", "${var.region}b", "${var.region}c"]
  single_nat_gateway  = true
  cluster_name        = var.name
  interface_endpoints = ["ecr.api", "ecr.dkr", "sts"]
  kms_key_arn         = var.kms_key_arn

  tags = {
    Environment = "example"
  }
}
