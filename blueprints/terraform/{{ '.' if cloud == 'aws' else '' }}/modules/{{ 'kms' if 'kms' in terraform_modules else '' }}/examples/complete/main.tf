provider "aws" {
  region = var.region
}

module "kms" {
  source = "../../"

  name                 = var.name
  region               = var.region
  rotation_period_days = 180

  tags = {
    Environment = "example"
  }
}
